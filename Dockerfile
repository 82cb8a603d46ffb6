# ImageChat listens on this machine's loopback only and refuses any other bind, so a published port (-p) would lead nowhere.
# Share the host's network instead, and serve http://127.0.0.1:7860:
#   docker build -t imagechat . && docker run --network host -v imagechat:/data imagechat
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 GRADIO_ANALYTICS_ENABLED=False IMAGECHAT_DATA_DIR=/data
RUN useradd --create-home --uid 1000 imagechat && install -d -o imagechat -g imagechat /data

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py ./
COPY assets assets
COPY imagechat imagechat
RUN python -m compileall -q app.py imagechat

USER imagechat
VOLUME /data
HEALTHCHECK --start-period=30s --timeout=5s CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('IMAGECHAT_PORT', 7860)}/healthz\", timeout=4)"]
CMD ["python", "app.py"]
