[assembly: CollectionBehavior(DisableTestParallelization = true)] // A measurement of all memory must not see what other tests allocate.
