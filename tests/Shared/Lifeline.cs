using System.ComponentModel;
using System.Diagnostics;

namespace OrleansRec.Tests.Shared;

/// <summary>
/// Ends the processes that this one has started when it ends itself, however it does. A shell reads their numbers and kills those that are left when its input
/// ends. It is in a session of its own: what is sent to the group of this process, be it SIGKILL, must not reach it first.
/// </summary>
internal static class Lifeline
{
    private const string Script = """
        held=' '
        while read -r word id; do
          case $word in
            hold) held="$held$id " ;;
            release) held="${held%% $id *} ${held#* $id }" ;;
          esac
        done
        for id in $held; do kill -9 "$id" 2>/dev/null; done
        """;

    private static readonly Lazy<StreamWriter?> shell = new(Start);

    /// <summary>Kills the process when this one ends.</summary>
    public static void Hold(int process) => Tell("hold", process);

    /// <summary>It has ended; its number may be another's soon.</summary>
    public static void Release(int process) => Tell("release", process);

    private static void Tell(string word, int process)
    {
        if (shell.Value is { } input)
            lock (input)
                input.WriteLine($"{word} {process}");
    }

    /// <summary>Null where there is no setsid: there, children of a killed test process stay.</summary>
    private static StreamWriter? Start()
    {
        try
        {
            Process process = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
            process.StandardInput.AutoFlush = true;
            return process.StandardInput;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
