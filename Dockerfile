FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY templates templates
COPY static static
COPY question_bank question_bank
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir '.[postgres]'

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home viva
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH VIVA_DATA=/data VIVA_HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["viva", "serve"]
