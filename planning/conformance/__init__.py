"""Living conformance: the ground every parcel version shares with every plan lot."""
