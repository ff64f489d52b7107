"""The Zalo Official Account: its API, its tokens, what goes out, what comes in."""
