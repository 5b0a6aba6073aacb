# Both hosts in one image: the Lambda host is the entry point, the console host is `etl` on the path.
# Any base will do that has the .NET 10 runtime, tzdata and the public authorities' certificates; no shell is needed.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled-extra

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
# Into one folder: what the hosts share is there once.
RUN for host in Console Lambda; do \
      dotnet publish src/Etl.Hosts.$host -c Release -r linux-x64 --self-contained false -o /app || exit 1; \
    done
# RDS' own authorities are in no public list. Empty: none are fetched, and the image can verify no RDS server by itself.
ARG RDS_CA_URL=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
RUN mkdir /app/certificates \
 && if [ -n "$RDS_CA_URL" ]; then \
      curl --fail --silent --show-error --proto '=https' --output /app/certificates/rds.pem "$RDS_CA_URL"; \
    fi

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="etl" \
      org.opencontainers.image.description="Three daily CSV snapshots into PostgreSQL, analytics and a data lake" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /app /app
# Nothing but /tmp is ever written; the diagnostics server would open a socket there for nobody.
ENV PATH=/app:/usr/local/bin:/usr/bin:/bin \
    DOTNET_EnableDiagnostics=0
# On a read-only file system: a volume made here is given the folder's rights, so that the user below may write.
VOLUME /tmp
WORKDIR /tmp
USER 1654
ENTRYPOINT ["/app/Etl.Hosts.Lambda"]
