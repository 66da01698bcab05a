using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Kernels;

return args switch
{
    ["kernels"] => KernelBench.Run(),
    ["ingest", .. var rest] => await IngestBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench kernels | bench ingest [--events N] [--posts N] [--check]");
    return 2;
}
