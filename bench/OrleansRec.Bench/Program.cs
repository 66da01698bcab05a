using OrleansRec.Bench.Ingest;

return args switch
{
    ["ingest", .. var rest] => await IngestBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench ingest [--events N] [--posts N] [--check]");
    return 2;
}
