using System.Collections.Frozen;
using System.Text;
using OrleansRec.Tests.Suite;
using Xunit.Runner.Common;
using Xunit.Sdk;

[assembly: RegisterRunnerReporter(typeof(RunRecord))]

namespace OrleansRec.Tests.Suite;

/// <summary>
/// Writes what happens to each test to FOLDER/ASSEMBLY.jsonl as it happens, where <c>REC_TEST_RECORD</c> names the folder: xunit's own JSON messages, one a line. A result file is written
/// at the end of a suite and so is missing after a crash; this record then tells which tests were running. <c>OrleansRec.TestRun</c> reads it.
/// </summary>
public sealed class RunRecord : IRunnerReporter
{
    /// <summary>Names the folder.</summary>
    public const string FolderVariable = "REC_TEST_RECORD";

    /// <summary>The last line of a process that was not killed and did not crash.</summary>
    public const string LastLine = """{"$type":"process-ended"}""";

    private static readonly string? folder = TakeFolder();

    // A test may have half a surrogate pair in its name or message; StreamWriter's own encoding throws on it, which would end the process.
    private static readonly UTF8Encoding tolerant = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <inheritdoc/>
    public bool CanBeEnvironmentallyEnabled => true;

    /// <inheritdoc/>
    public string Description => $"records the run in the folder that {FolderVariable} names";

    /// <inheritdoc/>
    public bool ForceNoLogo => false;

    /// <inheritdoc/>
    public bool IsEnvironmentallyEnabled => folder is not null;

    /// <inheritdoc/>
    public string? RunnerSwitch => null;

    /// <inheritdoc/>
    public ValueTask<IRunnerReporterMessageHandler> CreateMessageHandler(IRunnerLogger logger, IMessageSink? diagnosticMessageSink)
    {
        Directory.CreateDirectory(folder!);
        string path = Path.Combine(folder!, typeof(RunRecord).Assembly.GetName().Name + ".jsonl");
        return new(new Lines(new StreamWriter(path, append: false, tolerant) { AutoFlush = true }));
    }

    // Tests start this program again as a child, which must not write over its parent's record.
    private static string? TakeFolder()
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        Environment.SetEnvironmentVariable(FolderVariable, null);
        return string.IsNullOrEmpty(named) ? null : named;
    }

    private sealed class Lines : IRunnerReporterMessageHandler
    {
        private static readonly FrozenSet<Type> recorded = new[]
        {
            typeof(IErrorMessage), typeof(ITestCaseStarting), typeof(ITestStarting), typeof(ITestPassed), typeof(ITestFailed), typeof(ITestSkipped), typeof(ITestCaseFinished),
            typeof(ITestCleanupFailure), typeof(ITestCaseCleanupFailure), typeof(ITestMethodCleanupFailure), typeof(ITestClassCleanupFailure), typeof(ITestCollectionCleanupFailure),
            typeof(ITestAssemblyCleanupFailure), typeof(ITestAssemblyStarting), typeof(ITestAssemblyFinished), typeof(TestAssemblyDiscoveryFinished),
        }.ToFrozenSet();

        private readonly Lock _gate = new();
        private readonly StreamWriter _file;

        public Lines(StreamWriter file)
        {
            _file = file;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Write(LastLine);
        }

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (recorded.Any(type => type.IsInstanceOfType(message)) && message is IJsonSerializable serializable && serializable.ToJson() is { } line)
                Write(line);
            return true;
        }

        // Disposed before the process ends, which is what the last line tells; the file is closed by the system.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Write(string line)
        {
            lock (_gate)
                _file.WriteLine(line);
        }
    }
}
