"""The demo's word lists: names of people, places, firms and work, and nothing else."""
