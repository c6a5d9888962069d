set -euo pipefail
. playbooks/output.sh

other=$((100 - WEIGHT))
web=$WEIGHT; api=$other
if [ "$BACKEND" = api ]; then web=$other; api=$WEIGHT; fi

play "Set the weights of $BACKEND in $TARGET_ENV"

task "take the lock of the load balancers"
sleep 0.3
ok localhost

task "write the weights"
rows=()
while read -r host was_web was_api; do
  rows+=("$(printf '{"host": "%s", "web": %d, "api": %d, "was_web": %d, "was_api": %d}' \
    "$host" "$web" "$api" "$was_web" "$was_api")")
  sleep 0.3
  if [ "$web" = "$was_web" ]; then ok "$host" "nothing to do"; continue; fi
  changed "$host" "web $was_web -> $web, api $was_api -> $api"
done < <(hosts)

task "keep them for the verification"
{
  echo '['
  printf '%s,\n' "${rows[@]}" | sed '$ s/,$//'
  echo ']'
} > weights.json
sleep 0.3
ok localhost "${#rows[@]} hosts"
