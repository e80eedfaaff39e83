"""Publication: what waits for a target, its envelope, the deliveries and their receipts."""
