using System.IO.Compression;
using System.Text.Json;

namespace OrleansRec.Silo.Tests.Golden;

/// <summary>The packed folders of formats before, and the answers that their own product gave.</summary>
internal static class GoldenFolder
{
    public static GoldenAnswers Unpack(int format, string folder)
    {
        string packed = Path.Combine(AppContext.BaseDirectory, "Golden", $"format-{format}.zip");
        Assert.True(File.Exists(packed), $"Format {format} has no packed folder: '{packed}'.");
        ZipFile.ExtractToDirectory(packed, folder);
        string answers = Path.Combine(folder, "expected.json");
        var expected = JsonSerializer.Deserialize<GoldenAnswers>(File.ReadAllBytes(answers), JsonSerializerOptions.Web)!;
        File.Delete(answers);
        return expected;
    }
}

/// <summary>What each user's export and list were, null for an erased one, and the items with their titles.</summary>
internal sealed record GoldenAnswers(Dictionary<string, GoldenUser?> Users, string[][] Items);

/// <summary>An event is [event id, item, type, value, time, session].</summary>
internal sealed record GoldenUser(JsonElement[] Events, string[] List);
