"""Open changes: operations gathered under one document, seen by nobody else until committed."""
