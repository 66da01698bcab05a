using System.CommandLine;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The command tree.</summary>
public static class CommandLine
{
    private static readonly TimeSpan ShutdownPeriodMax = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command and returns the process's exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var parsed = Tree().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            int code = ExitCodes.Tell(Usage.Mistake(parsed), args.Contains("--json"));
            await Console.Error.WriteLineAsync($"see: ./rec {Usage.Path(parsed)}--help");
            return code;
        }
        bool json = parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(o => o.Name == "--json") is { } option
            && parsed.GetValue(option);
        try
        {
            SettingCheck.Run(Composition.Configuration());
            // A server's host handles signals itself: it drains before it ends.
            bool serves = parsed.CommandResult.Command.Name is "serve" or "gateway" or "demo";
            return await parsed.InvokeAsync(new()
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = serves ? null : ShutdownPeriodMax,
            });
        }
        catch (Exception e)
        {
            return ExitCodes.Tell(e, json);
        }
    }

    /// <summary>Every command with its options.</summary>
    internal static RootCommand Tree() =>
        new("OrleansRec: a recommendation server that learns from every event.")
        {
            DemoCommand.Make(), ServeCommand.Make(), GatewayCommand.Make(), ImportCommand.Make(), ExportCommand.Make(), TrainCommand.Make(), EvaluateCommand.Make(), TuneCommand.Make(),
            RecommendCommand.Make(), PageCommand.Make(), LabelsCommand.MakeCategories(), LabelsCommand.MakeBrands(), TrendingCommand.Make(), ExplainCommand.Make(), WhyNotCommand.Make(), WhatIfCommand.Make(), UsersCommand.Make(), ItemsCommand.Make(), EventTypesCommand.Make(), ScenariosCommand.Make(), ScenariosCommand.MakeRules(),
            ModelsCommand.Make(), KeysCommand.Make(), TenantsCommand.Make(),
            AccessCommand.Make(), StatusCommand.Make(), HealthCommand.Make(), BackupCommand.Make(), RestoreCommand.Make(), VerifyCommand.Make(), StorageCommand.Make(), CompactCommand.Make(),
        };

    /// <summary>Adds options and says what the command does.</summary>
    internal static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action, params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                command.Add(option);
            else
                command.Add((Argument)symbol);
        }
        command.SetAction(action);
        return command;
    }
}
