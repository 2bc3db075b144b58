# The page server. Build: docker build -t remoteswap-server .
# Run:   docker run --rm --network host remoteswap-server --limit 4GiB
# By itself it serves this machine only, so a container shares the host's network, or a volume with a socket
# (--listen unix:/run/remoteswap/pages.sock). On a network of its own it needs TLS and a way to know who calls:
# --listen 0.0.0.0:7420 --Security:Certificate=... --Security:Key=... --Security:ClientCa=... (see --print-config).
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src

# Project files first: a change of code does not restore again.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY protos/RemoteSwap.Codec/*.csproj protos/RemoteSwap.Codec/packages.lock.json protos/RemoteSwap.Codec/
COPY protos/RemoteSwap.Credentials/*.csproj protos/RemoteSwap.Credentials/packages.lock.json protos/RemoteSwap.Credentials/
COPY protos/RemoteSwap.Protos/*.csproj protos/RemoteSwap.Protos/packages.lock.json protos/RemoteSwap.Protos/
COPY protos/RemoteSwap.Wire/*.csproj protos/RemoteSwap.Wire/packages.lock.json protos/RemoteSwap.Wire/
COPY protos/RemoteSwap.Units/*.csproj protos/RemoteSwap.Units/packages.lock.json protos/RemoteSwap.Units/
COPY protos/RemoteSwap.Privacy/*.csproj protos/RemoteSwap.Privacy/packages.lock.json protos/RemoteSwap.Privacy/
COPY server/RemoteSwap.Pool/*.csproj server/RemoteSwap.Pool/packages.lock.json server/RemoteSwap.Pool/
COPY server/RemoteSwap.Store/*.csproj server/RemoteSwap.Store/packages.lock.json server/RemoteSwap.Store/
COPY server/RemoteSwap.Server/*.csproj server/RemoteSwap.Server/packages.lock.json server/RemoteSwap.Server/
RUN dotnet restore server/RemoteSwap.Server --locked-mode

COPY protos/ protos/
COPY server/ server/
RUN dotnet publish server/RemoteSwap.Server -c Release -o /app --no-restore -p:UseAppHost=false \
    -p:EnableSourceControlManagerQueries=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
LABEL org.opencontainers.image.title="RemoteSwap page server" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
EXPOSE 7420 7421
ENTRYPOINT ["dotnet", "remoteswap-server.dll"]
