// A cluster is several silos on the cores of one machine: two at once would be each other's load, and their probes' lost answers.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
