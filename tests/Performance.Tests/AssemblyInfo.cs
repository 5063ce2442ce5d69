// A measurement of all memory must not count the allocations of other tests.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
