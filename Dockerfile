# One image for every process: `docker run afterturn PROCESS`. Configured by environment variables only (docs/configuration.md).

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The compiler is an optional package of its platform, so nothing is left out here.
RUN npm ci --include=dev --include=optional
COPY . .
RUN node scripts/build.ts

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional here are only the Node that machines without one bring along, and accelerators that have a JavaScript equivalent.
RUN npm ci --omit=dev --omit=optional

FROM node:24-slim AS base
# What clones and reads repositories, with the certificates and the ssh that it needs; and a place for mirrors that is the user's own.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=700 /var/lib/afterturn/mirrors

FROM base
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER node
# The dashboard, and the API; no other process listens.
EXPOSE 3000
EXPOSE 3001
ENTRYPOINT ["node", "--max-semi-space-size=4", "dist/cli/afterturn.js"]
CMD ["--help"]
