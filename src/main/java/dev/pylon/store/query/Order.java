package dev.pylon.store.query;

/** One column to sort by; nulls come first in ascending order. */
public record Order(Column column, boolean descending) {}
