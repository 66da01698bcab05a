using Microsoft.Extensions.Configuration;
using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>Goal: a setting that nobody reads, or that cannot be read, is told in one line and ends the process with 2. Case 11: both once started or threw a stack trace.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class SettingCheckTests
{
    [Theory]
    [InlineData("Gateway:BodyByteMax", "10", "setting 'Gateway:BodyByteMax': is not known; the nearest is Gateway:BodyBytesMax")]
    [InlineData("Gatewy:BodyBytesMax", "10", "setting 'Gatewy': is not known; the nearest section is Gateway")]
    [InlineData("Server:Tls:CertificatPath", "x", "setting 'Server:Tls:CertificatPath': is not known; the nearest is Server:Tls:CertificatePath")]
    [InlineData("Training:Schedul:Every", "1", "setting 'Training:Schedul': is not known; the nearest is Training:Schedule")]
    [InlineData("Gateway:DefaultPlan:Ranks", "8", "setting 'Gateway:DefaultPlan:Ranks': is not known; the nearest is Gateway:DefaultPlan:Rank")]
    [InlineData("Events:Types:0:Wait", "8", "setting 'Events:Types:0:Wait': is not known; the nearest is Events:Types:0:Weight")]
    [InlineData("Gateway:BodyBytesMax", "abc", "Gateway:BodyBytesMax 'abc': must be a whole number")]
    [InlineData("Gateway:BodyBytesMax", "99999999999", "Gateway:BodyBytesMax '99999999999': must be a whole number")]
    [InlineData("Gateway:InsecureLoopback", "yes", "Gateway:InsecureLoopback 'yes': must be true or false")]
    [InlineData("Storage:Kind", "Postgres", "Storage:Kind 'Postgres': must be one of Folder, PostgreSql")]
    [InlineData("UserShard:RetryPeriod", "soon", "UserShard:RetryPeriod 'soon': must be a time such as 00:00:05 or 2.00:00:00")]
    [InlineData("Events:Types:0:Weight", "heavy", "Events:Types:0:Weight 'heavy': must be a number")]
    public void Run_ABadSetting_IsNamed(string name, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<BadInputException>(() => SettingCheck.Run(Of((name, value)))).Message);

    [Theory]
    [InlineData("gateway:bodybytesmax", "4096"), InlineData("Events:Types:0:Type", "view"), InlineData("Gateway:Cors:Origins:0", "https://a.example"), InlineData("Path", "x")]
    [InlineData("UserShard:EventAgeMax", "30.00:00:00"), InlineData("UserShard:EventAgeMax", ""), InlineData("Logging:LogLevel:Default", "Debug"), InlineData("OtherProgram:Setting", "x")]
    [InlineData("Training:Schedule:Every", "1.00:00:00"), InlineData("Gateway:DefaultPlan:Objective", "Explicit"), InlineData("Server", "x")]
    public void Run_AGoodSetting_IsLet(string name, string value) => SettingCheck.Run(Of((name, value)));

    [Fact]
    public void Run_TheSettingsOfTheProduct_AreAllKnown() => SettingCheck.Run(Composition.Configuration());

    [Theory]
    [InlineData("Gateway__BodyByteMax", "10", "the nearest is Gateway:BodyBytesMax"), InlineData("Gateway__BodyBytesMax", "abc", "Gateway:BodyBytesMax 'abc': must be a whole number")]
    public async Task Serve_ABadSettingInTheEnvironment_EndsWithTwoInOneLine(string name, string value, string message)
    {
        Environment.SetEnvironmentVariable(name, value);
        try
        {
            var (code, _, said) = await CommandRun.Of("serve", "--data", "/nowhere");
            Assert.Equal(2, code);
            Assert.Contains(message, said);
            Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static IConfiguration Of(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
}
