"""In and out: schedules, publications, deliveries, connectors."""
