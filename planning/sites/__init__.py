"""Land put together: what a parcel not yet cleared holds up, and where a site of a size can be."""
