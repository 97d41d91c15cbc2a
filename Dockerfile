# The program that runs in the cluster, as an image: for `responder.program: image`, see docs/responder.md.
#
#   npm ci && npm run build
#   docker build -t registry.example.org/falco-egress:0.1.0 .
#
# The base is `images.node` of lib/settings/images.ts; a test holds the two against each other.
FROM docker.io/library/node:22-bookworm-slim

LABEL org.opencontainers.image.title="falco-egress" \
      org.opencontainers.image.description="The responder of falco-egress, and the Job that makes its Secrets" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

ENV NODE_ENV=production

# One file without dependencies; nothing is installed, and nothing is written when it runs.
COPY dist/program/program.js dist/program/THIRD-PARTY-NOTICES.txt LICENSE /opt/falco-egress/

# The user `node` of the base image, by number: Kubernetes can't tell from a name that it is not root.
USER 1000:1000

# The Pods of the stack give arguments and no command.
ENTRYPOINT ["node", "--max-semi-space-size=2", "/opt/falco-egress/program.js"]
CMD ["--help"]
