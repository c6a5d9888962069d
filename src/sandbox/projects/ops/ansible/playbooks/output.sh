# How a play's progress is printed.
green=$'\033[32m'; yellow=$'\033[33m'; red=$'\033[1;31m'; plain=$'\033[0m'

play() { printf '\nPLAY [%s] %s\n' "$1" '****************************************'; }
task() { printf '\nTASK [%s] %s\n' "$1" '****************************************'; }
ok() { printf '%sok: [%s]%s%s\n' "$green" "$1" "${2:+ => $2}" "$plain"; }
changed() { printf '%schanged: [%s]%s%s\n' "$yellow" "$1" "${2:+ => $2}" "$plain"; }
# The reason comes last, on a line of its own: that is what chat shows of a failed job.
fail() { printf '%sfatal: [%s]: FAILED!%s\n%s\n' "$red" "$1" "$plain" "$2"; exit 1; }

# Lines "host web api" of the environment's inventory.
hosts() { grep -v '^#' "inventory/$TARGET_ENV.txt"; }
