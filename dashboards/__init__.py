"""Dashboards on the published build: pages that select, filter and draw; what they show is defined in SQL views."""
