"""How well pages are read: answers that people wrote, compared with readings, counted. No part of reading itself."""
