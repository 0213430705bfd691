#!/bin/sh
# The service has half a minute to answer.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  if curl --fail --silent --max-time 3 http://127.0.0.1:8080/health; then
    exit 0
  fi
  sleep 3
done
echo "the service does not answer on /health"
exit 1
