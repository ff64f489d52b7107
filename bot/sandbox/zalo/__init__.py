"""A stand-in for the Zalo Official Account on this machine: OpenAPI, OAuth, templates, webhook, and people with phones."""
