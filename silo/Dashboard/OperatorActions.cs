using OrleansRec.Silo.Dashboard.Access;
using Radzen;

namespace OrleansRec.Silo.Dashboard;

/// <summary>Carries out what an operator asks for, and says how it went; a failure is a message, never a broken page.</summary>
public sealed class OperatorActions(OperatorRights rights, NotificationService notifications)
{
    private const double MessageMs = 6000;

    /// <summary>Runs a change; false where it was refused or failed.</summary>
    public async Task<bool> Change(Func<Task<string>> change)
    {
        if (!await rights.MayChangeNow())
        {
            Say(NotificationSeverity.Error, "Not allowed", "This needs a key with admin scope that has not been revoked.");
            return false;
        }
        try
        {
            Say(NotificationSeverity.Success, "Done", await change());
            return true;
        }
        catch (Exception problem)
        {
            Say(NotificationSeverity.Error, "That did not work", Problems.Say(problem));
            return false;
        }
    }

    private void Say(NotificationSeverity severity, string summary, string detail) => notifications.Notify(new()
    {
        Severity = severity, Summary = summary, Detail = detail, Duration = MessageMs,
    });
}
