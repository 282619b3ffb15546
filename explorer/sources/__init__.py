"""Where pixels come from: picture files, videos, and the photographs that ship with the app."""
