# One image with both hosts: the Lambda host is the entry point, the console host is `etl` in the path.
# The image brings its own .NET. A base image needs the libraries of .NET, tzdata and public certificate authorities, but
# no shell.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra

# The compiler runs on the architecture of this machine; what it publishes is for linux-x64.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
# The packages are those of the lock files, which do not list .NET and its compilers: they are those of the SDK's version.
RUN for host in Console Lambda; do dotnet restore src/Etl.Hosts.$host --locked-mode || exit 1; done \
    && dotnet publish src/Etl.Hosts.Lambda -c Release -r linux-x64 --self-contained -p:Image=true -o /app
# The RDS certificate authorities are in no public list. With an empty URL the image cannot verify an RDS server.
ARG RDS_CA_URL=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
# The SHA-256 of the file; empty to accept any file of the server above. AWS changes the file when it adds an authority.
ARG RDS_CA_SHA256=
RUN RDS_CA_URL="$RDS_CA_URL" RDS_CA_SHA256="$RDS_CA_SHA256" build/certificates /app/certificates/rds.pem

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="etl" \
      org.opencontainers.image.description="Three daily CSV snapshots into PostgreSQL, analytics and a data lake" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /app /app
# Only /tmp is written. The diagnostics server would open an unused socket there.
ENV PATH=/app:/usr/local/bin:/usr/bin:/bin \
    DOTNET_EnableDiagnostics=0
# On a read-only file system a volume keeps the permissions of this folder, so that the user below can write.
VOLUME /tmp
WORKDIR /tmp
USER 1654
ENTRYPOINT ["/app/Etl.Hosts.Lambda"]
