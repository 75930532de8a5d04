# An image of the command, with the tests:
#   docker build -t summarizer .
#   docker run --rm summarizer summarizer brief seeds/ukraine-nato-offer.txt
#   docker run --rm summarizer pytest
FROM python:3.13-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 1000 summarizer
WORKDIR /summarizer
COPY --chown=summarizer . .
RUN pip install -c constraints.txt '.[test]' && rm -rf build && chown summarizer .
USER 1000
CMD ["summarizer", "--help"]
