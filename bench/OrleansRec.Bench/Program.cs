using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Restart;
using OrleansRec.Bench.Shapes;
using OrleansRec.Bench.Sweeps;

return args switch
{
    [] => await All([]),
    ["--check"] => await All(args),
    ["kernels"] => KernelBench.Run(),
    ["sweeps"] => await SweepBench.Run(),
    ["ingest", .. var rest] => await IngestBench.Run(rest),
    ["restart", .. var rest] => await RestartBench.Run(rest),
    ["shape", var events, var path] => WriteShape(int.Parse(events, System.Globalization.CultureInfo.InvariantCulture), path),
    _ => Usage(),
};

static async Task<int> All(string[] check)
{
    int kernels = KernelBench.Run(), sweeps = await SweepBench.Run();
    int ingest = await IngestBench.Run(check), restart = await RestartBench.Run(check);
    return Math.Max(Math.Max(kernels, sweeps), Math.Max(ingest, restart));
}

static int WriteShape(int events, string path)
{
    PowerLawCsv.Write(path, PowerLawPairs.Generate(PowerLawShape.OfEvents(events)));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: bench [--check] | bench kernels | bench sweeps | bench ingest [--events N] [--posts N] [--check] | bench restart [--events N] [--rounds N] [--check]");
    return 2;
}
