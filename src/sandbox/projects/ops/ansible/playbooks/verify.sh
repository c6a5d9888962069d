set -euo pipefail
. playbooks/output.sh

number() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" <<< "$2"; }

play "Verify the weights in $TARGET_ENV"

task "weights add up to 100 on every host"
count=0; was=0
while read -r line; do
  host=$(sed 's/.*"host": "\([^"]*\)".*/\1/' <<< "$line")
  sum=$(($(number web "$line") + $(number api "$line")))
  [ "$sum" -eq 100 ] || fail "$host" "The weights of $host add up to $sum, not to 100"
  [ "$(number "$BACKEND" "$line")" -eq "$WEIGHT" ] || fail "$host" "$host does not have the new weight"
  was=$(number "was_$BACKEND" "$line")
  count=$((count + 1))
  sleep 0.15
  ok "$host" "web $(number web "$line") %, api $(number api "$line") %"
done < <(grep '"host"' weights.json)
[ "$count" -gt 0 ] || fail localhost "weights.json names no host"

printf '\nPLAY RECAP\n'
printf '%s%-12s : ok=%d  failed=0%s\n' "$green" "$TARGET_ENV" "$count" "$plain"

other=api; [ "$BACKEND" = api ] && other=web
printf 'section_start:%s:chat_reply\r\033[0K\n' "$(date +%s)"
echo "$BACKEND now takes $WEIGHT % on $count hosts (was $was %)"
echo "$TARGET_ENV: $other takes the other $((100 - WEIGHT)) %"
printf 'section_end:%s:chat_reply\r\033[0K\n' "$(date +%s)"
