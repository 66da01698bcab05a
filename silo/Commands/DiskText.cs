using OrleansRec.Api;

namespace OrleansRec.Silo.Commands;

/// <summary>The disk in one line.</summary>
internal static class DiskText
{
    private const double MegaByte = 1 << 20;

    public static string Of(DiskInfo disk) => FormattableString.Invariant(
        $"data folder {disk.Bytes / MegaByte:N1} MB, {disk.FreeBytes / MegaByte:N0} MB free") + Growth(disk);

    private static string Growth(DiskInfo disk) => disk switch
    {
        { BytesPerDay: null } => "; its growth is not known yet",
        { DaysLeft: { } days } => FormattableString.Invariant($"; grows by {disk.BytesPerDay / MegaByte:N1} MB a day: full in {days:N0} days"),
        _ => "; does not grow",
    };
}
