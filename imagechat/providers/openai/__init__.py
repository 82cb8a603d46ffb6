"""OpenAI, and every server that speaks its dialect: chat, pictures with partials, edits, and the older dialect of self-hosted ones."""

from imagechat.providers.openai.provider import OpenAI

__all__ = ["OpenAI"]
