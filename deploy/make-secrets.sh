#!/bin/sh
# Makes the secrets of docker-compose.yml, once: `sh deploy/make-secrets.sh`. Keep a copy of deploy/secrets/secret in a
# safe place: hashes of personal data and the keys of stored files follow from it.
set -eu
folder=$(dirname "$0")/secrets
if [ -e "$folder" ]; then
  echo "$folder 已存在，保持不变。 $folder is there already and stays as it is." >&2
  exit 1
fi
umask 077
aside="$folder.new"
rm -rf "$aside"
mkdir "$aside"

random() {
  head -c 36 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}
keep() {
  printf '%s\n' "$2" > "$aside/$1"
}

owner=$(random) app=$(random) benchmark=$(random) redis=$(random)
keep secret "$(random)$(random)"
keep postgres_password "$(random)"
keep owner_password "$owner"
keep owner_url "postgres://hotline_owner:$owner@postgres:5432/hotline"
keep app_url "postgres://hotline_app:$app@postgres:5432/hotline"
keep benchmark_url "postgres://hotline_benchmark:$benchmark@postgres:5432/hotline"
keep redis_password "requirepass $redis"
keep redis_url "redis://:$redis@redis:6379/0"

# Every container runs as another user and sees only the files it is given; on this machine the folder keeps others out.
chmod 444 "$aside"/*
mv "$aside" "$folder"
echo "已生成 $folder，请另存 $folder/secret。 Made $folder; keep a copy of $folder/secret elsewhere."
