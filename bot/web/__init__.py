"""A request by HTTP comes in, and a page or JSON goes out, of the common library alone; nothing of readers is kept."""
