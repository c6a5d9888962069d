set -euo pipefail

# Only letters and digits reach the template, so its values cannot change its shape.
[[ "$SERVICE" =~ ^[a-z]+$ && "$VERSION" =~ ^v[0-9]+$ ]] || { echo "Cannot release \"$SERVICE\" \"$VERSION\""; exit 1; }
current=$(sed -n "s/^$SERVICE //p" releases/production.txt)
[ -n "$current" ] || { echo "$SERVICE is not installed in production"; exit 1; }

render() { sed "s/{{service}}/$SERVICE/g; s/{{version}}/$1/g" chart/deployment.yaml; }

mkdir -p rendered
echo "Rendering the chart for $SERVICE $VERSION (production runs $current)"
render "$current" > rendered/before.yaml
sleep 0.5
render "$VERSION" > rendered/after.yaml
echo "$current" > rendered/current.txt

lines=0
while IFS= read -r line; do
  case "$line" in
    ---*|+++*) printf '\033[1m%s\033[0m\n' "$line" ;;
    -*) printf '\033[31m%s\033[0m\n' "$line" ;;
    +*) printf '\033[32m%s\033[0m\n' "$line"; lines=$((lines + 1)) ;;
    *) printf '%s\n' "$line" ;;
  esac
done < <(diff -u -L "$SERVICE $current" -L "$SERVICE $VERSION" rendered/before.yaml rendered/after.yaml || true)

printf 'section_start:%s:chat_reply\r\033[0K\n' "$(date +%s)"
if [ "$lines" -eq 0 ]; then
  echo "$SERVICE $VERSION is what production already runs; nothing would change"
else
  echo "$SERVICE $current -> $VERSION changes $lines lines of its manifests"
  echo "Press Play on the job \"release\" to install it in production"
fi
printf 'section_end:%s:chat_reply\r\033[0K\n' "$(date +%s)"
