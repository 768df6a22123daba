"""Makes the pages of the sample site and their golden answers from specs/*.yaml; imports nothing of the project."""
