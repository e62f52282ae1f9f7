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

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER node
# The dashboard; no other process listens.
EXPOSE 3000
ENTRYPOINT ["node", "dist/scripts/start.js"]
CMD ["--help"]
