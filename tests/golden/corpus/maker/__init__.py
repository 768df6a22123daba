"""Makes the pages and answers of the golden corpus from specs/*.yaml; imports neither the reader nor its catalogue."""
