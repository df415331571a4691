#!/usr/bin/env bash
# The health check of the containers: exits 0 when /health/ready on the port answers 200. The image has no curl, and a Node process
# every ten seconds for each container would cost more than the service at rest. Only TLS needs one: bash cannot speak it.
exec 2>/dev/null
if [ -n "$TLS_CERT_FILE" ]; then
  # The certificate is for the name that clients use, so it is not verified here.
  exec node -e '
    const options = { rejectUnauthorized: false, timeout: 4_000 };
    require("node:https")
      .get(`https://127.0.0.1:${process.argv[1]}/health/ready`, options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
      .on("error", () => process.exit(1))
      .on("timeout", () => process.exit(1));
  ' "$1"
fi
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health/ready HTTP/1.0\r\nhost: localhost\r\n\r\n' >&3
read -r -t 4 _ code _ <&3
[ "$code" = 200 ]
