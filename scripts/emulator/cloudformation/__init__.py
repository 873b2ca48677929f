"""The types of CloudFormation resources that moto lacks or only half makes."""
