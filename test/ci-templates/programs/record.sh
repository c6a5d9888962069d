# Keeps a call of a program beside it, one line each: arguments, environment and extra vars, in base64 and split by commas.
state="$(dirname "$0")/state"
mkdir -p "$state"
coded() { base64 | tr -d '\n'; }
record() {
  printf '%s\0' "$(basename "$0")" "$@" | coded
  printf ,
  env -0 | coded
  printf ,
  if [ -f extra-vars.yml ]; then coded < extra-vars.yml; fi
  printf '\n'
}
record "$@" >> "$state/calls"
