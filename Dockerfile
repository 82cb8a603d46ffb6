# docker build -t imagechat . && docker run -p 127.0.0.1:7860:7860 -v imagechat:/data imagechat
# compose.yaml has the same with the rights taken away that the app does not need. docs/operating.md says more.
FROM python:3.11-slim AS packages

COPY requirements.txt .
# Into an environment of its own, so that neither pip's cache nor anything that built a package comes along. Compiled here: Python would
# else do it anew at every start, for a read-only tree cannot keep what it compiled.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --no-compile -r requirements.txt \
    && { /venv/bin/python -m compileall -qq -j 0 /venv/lib || echo "some files of the packages are no Python of this version"; }

FROM python:3.11-slim

# Persian letters in pictures are joined by libfribidi.
RUN apt-get update && apt-get install -y --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 imagechat && install -d -o imagechat -g imagechat -m 700 /data

COPY --from=packages /venv /venv
WORKDIR /app
COPY app.py requirements.txt ./
COPY assets assets
COPY imagechat imagechat
RUN /venv/bin/python -m compileall -q -j 0 app.py imagechat

# On all addresses of the container, and so with guests: each browser has a space of its own (IMAGECHAT_ACCESS=login for accounts).
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    IMAGECHAT_HOST=0.0.0.0 IMAGECHAT_PORT=7860 IMAGECHAT_DATA_DIR=/data
USER imagechat
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['IMAGECHAT_PORT']}/healthz\", timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "app.py"]
