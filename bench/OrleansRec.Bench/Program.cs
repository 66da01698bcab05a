using System.Globalization;
using OrleansRec.Bench;
using OrleansRec.Bench.Http;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;

// What is no measurement but serves one, in a process of its own.
if (args is ["shape", var events, var path])
{
    HistoryCsv.Write(path, HistoryShape.OfEvents(int.Parse(events, CultureInfo.InvariantCulture)));
    return 0;
}
if (args is [BareEndpoint.Command, var folder, var port])
    return await BareEndpoint.Run(folder, port);
if (args is [EmptyEndpoint.Command, var emptyFolder, var emptyPort, var answerFile])
    return await EmptyEndpoint.Run(emptyFolder, emptyPort, answerFile);

BenchArguments arguments;
try
{
    arguments = BenchArguments.Read(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
ConsoleReport.Prepare();
var run = new BenchRun(arguments);
foreach (IBenchSection section in BenchSections.All.Where(arguments.Asks))
{
    run.Say($"== {section.Name}");
    await section.Measure(run);
    // After every section, so that a run that is stopped leaves what it has.
    MarkdownReport.Write(run);
    run.Say($"   {run.Elapsed.TotalSeconds:0} s since the start");
}
ConsoleReport.Write(run.Goals);
Console.WriteLine($"written to {arguments.Out}");
return arguments.IsCheck && !(run.Goals.Count > 0 && run.Goals.All(g => g.Holds)) ? 1 : 0;
