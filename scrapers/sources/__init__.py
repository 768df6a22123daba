"""Who publishes the reports, one YAML file a publisher; ``schema`` reads them."""
