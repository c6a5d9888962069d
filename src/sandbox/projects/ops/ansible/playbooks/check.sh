set -euo pipefail
. playbooks/output.sh

play "Check the wish against the inventory of $TARGET_ENV"

task "read the inventory"
[ -f "inventory/$TARGET_ENV.txt" ] || fail localhost "There is no inventory for \"$TARGET_ENV\""
hosts | while read -r host web api; do
  sleep 0.15
  ok "$host" "web $web %, api $api %"
done

task "backend is known"
head -n 1 "inventory/$TARGET_ENV.txt" | grep -qwF -- "$BACKEND" ||
  fail localhost "Unknown backend \"$BACKEND\": the inventory has web and api"
ok localhost "$BACKEND"

task "weight is a share"
[[ "$WEIGHT" =~ ^(0|[1-9][0-9]{0,2})$ ]] || fail localhost "The weight must be a whole number, not \"$WEIGHT\""
[ "$WEIGHT" -le 100 ] || fail localhost "A weight of $WEIGHT % is too much: 100 % is all there is"
ok localhost "$WEIGHT %"
sleep 0.2
